"""What schemathesis has to be told of this API."""

import schemathesis


@schemathesis.serializer("application/x-protobuf")
def octets(_context, value):
    """Bodies of remote write are bytes, whatever they are."""
    if isinstance(value, bytes):
        return {"data": value}
    return {"data": str(value).encode()}
