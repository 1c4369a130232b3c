//! Running a program, for what it prints or until it took too long.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a program prints on standard output; `None` when it cannot be started or fails.
pub(crate) fn printed(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program, silently, and ends it when it takes longer. Why it failed: one sentence.
pub(crate) fn done(command: &mut Command, longest: Duration) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| format!("`{name}` cannot be run: {error}"))?;
    let until = Instant::now() + longest;
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(_)) => return Err(format!("`{name}` failed")),
            Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(50)),
            _ => {
                // It may have ended by itself in the meantime.
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("`{name}` took longer than {} seconds", longest.as_secs()));
            }
        }
    }
}
