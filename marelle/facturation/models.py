"""Billing: what is due for a period, looked at before it is issued."""
