//! `componentise MODULE COMPONENT`: makes a component of a module in whatever language.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let [module, component] = arguments.as_slice() else {
        return fail("it takes two names: of the module, and of the component");
    };
    let made = std::fs::read(module)
        .map_err(|error| error.to_string())
        .and_then(|bytes| plimsoll_plugin_build::componentise(&bytes))
        .and_then(|bytes| std::fs::write(component, bytes).map_err(|error| error.to_string()));
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => fail(&why),
    }
}

#[allow(clippy::print_stderr)]
fn fail(why: &str) -> ExitCode {
    eprintln!("componentise: {why}");
    ExitCode::FAILURE
}
