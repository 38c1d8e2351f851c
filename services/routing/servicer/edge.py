"""What each RPC is called with, and what it is told beside its request."""

from collections.abc import Callable
from datetime import datetime

import grpc

Context = grpc.ServicerContext
Now = Callable[[], datetime]
"""Business time."""
