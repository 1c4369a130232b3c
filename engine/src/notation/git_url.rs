//! git_url
