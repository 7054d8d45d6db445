//! The box: clock, cameras, sockets, credentials, disk.
