"""The workflow of each escalation: it waits, orders and repeats; what is right the services say."""
