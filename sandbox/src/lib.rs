//! A local IPTVPORTAL server.
