"""How the system is put up: `deploy.local` is the stack of the demo and the tests."""
