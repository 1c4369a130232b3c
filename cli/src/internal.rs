//! Faults of the program itself, told as such.
//!
//! Rules run on an engine that may panic; the library catches that and calls it an error of the
//! rule. So a panic is kept quiet until it turns out that nobody caught it.

use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::{panic, thread};

use plimsoll_engine::diagnostic::Diagnostic;
use plimsoll_engine::evaluate::rego::STACK_BYTES;
use plimsoll_engine::mask::Masks;

use crate::failure::{self, INCOMPLETE};
use crate::terminal::When;

/// Runs on a thread that has the stack which loading rules needs, whatever the system gives to the
/// main thread (1 MiB on Windows), and unoptimised code four times that.
pub(crate) fn guarded(run: impl FnOnce() -> ExitCode + Send + 'static) -> ExitCode {
    let last = Arc::new(Mutex::new(String::new()));
    let hooked = Arc::clone(&last);
    panic::set_hook(Box::new(move |info| {
        if let Ok(mut last) = hooked.lock() {
            *last = info.to_string();
        }
    }));
    let builder = thread::Builder::new().name("plimsoll".into()).stack_size(STACK_BYTES * 4);
    let outcome = builder.spawn(run).map(thread::JoinHandle::join);
    let message = match outcome {
        Ok(Ok(code)) => return code,
        Ok(Err(_)) => last.lock().map_or_else(|_| String::new(), |last| last.clone()),
        Err(error) => format!("cannot start a thread: {error}"),
    };
    let message = format!("this is a fault of plimsoll itself: {}", message.replace('\n', " "));
    let help = "please report it, with the document and the rules that it was run with";
    let problem = Diagnostic::error(message).help(help);
    failure::tell(&[problem], &Masks::default(), &When::Auto.stderr());
    ExitCode::from(INCOMPLETE)
}
