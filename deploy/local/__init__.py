"""The local stack: real PostgreSQL, Kafka and Temporal and our processes under one supervisor.

Everything it runs comes from the hashed locks; everything it writes lies in one folder (`Home`).
"""
