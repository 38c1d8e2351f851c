"""The gRPC edge: translate, call, translate; a module per idea, and the service of them all."""
