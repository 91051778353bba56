"""The cash desk of a régie: receipts, deposits, what is unpaid, reminders, direct debits."""
