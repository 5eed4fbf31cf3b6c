//! What must not be seen anywhere.
