"""Intake: hears the customer, keeps their own words, and makes sure that they were understood."""
