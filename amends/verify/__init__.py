"""Verification: whether what all stores together hold is what the product promises (I1 to I10)."""
