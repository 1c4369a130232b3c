//! Images built in the test, read back.
