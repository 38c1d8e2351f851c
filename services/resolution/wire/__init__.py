"""Domain to protobuf and back, where the codec's mapping by name is not the whole of it."""
