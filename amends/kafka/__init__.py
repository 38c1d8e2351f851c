"""The Kafka edge: topics, CloudEvents, one producer and one consumer per process."""
