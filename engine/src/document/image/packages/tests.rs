//! Package databases.
