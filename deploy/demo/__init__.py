"""The stories that the product is judged by, played on a running local stack."""
