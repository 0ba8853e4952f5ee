//! `plimsoll get slos` and `plimsoll explain slo NAME`: the verb first, for hands that are used to
//! it. The words change places, and what is run is the noun's own command.

use std::ffi::OsString;

use clap::CommandFactory as _;
use plimsoll_api::document::Kind;

use super::definitions;
use crate::args::Cli;
use crate::exit::Failure;

/// What `get` and `explain` take.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What: a noun such as `slos`, or a kind of definition such as `burnpolicies`.
    noun: String,
    /// Its name, then the options of the noun's own command.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "NAME and options")]
    rest: Vec<String>,
}

/// The verb that was typed first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// `list` without a name, `get` with one.
    Get,
    /// `explain`.
    Explain,
}

impl Args {
    /// The same arguments with the noun first.
    ///
    /// # Errors
    /// There is no such noun.
    pub(crate) fn noun_first(
        &self,
        verb: Verb,
        typed: &[OsString],
    ) -> Result<Vec<OsString>, Failure> {
        let (noun, verb, more) = self.meant(verb)?;
        let is_verb = |word: &OsString| word == "get" || word == "explain";
        let (first, second) = typed
            .iter()
            .position(is_verb)
            .and_then(|first| {
                let after = &typed[first + 1..];
                let second = after.iter().position(|word| *word == *self.noun)?;
                Some((first, first + 1 + second))
            })
            .expect("it was parsed as a verb with its noun");
        let mut words = [&typed[..first], &typed[first + 1..second]].concat();
        words.extend([noun.into(), verb.into()]);
        words.extend(more.into_iter().map(OsString::from));
        words.extend_from_slice(&typed[second + 1..]);
        Ok(words)
    }

    /// The noun's command, its verb, and what the kind of a definition adds.
    fn meant(&self, verb: Verb) -> Result<(String, &'static str, Vec<&'static str>), Failure> {
        let is_named = self.rest.first().is_some_and(|word| !word.starts_with('-'));
        let verb = match verb {
            Verb::Explain => "explain",
            Verb::Get if is_named => "get",
            Verb::Get => "list",
        };
        let noun = self.noun.to_lowercase();
        let cli = Cli::command();
        if let Some(found) = cli.find_subcommand(&noun) {
            // What there is one of is no list.
            if verb == "list" && is_single(found) {
                return Ok((noun, "get", Vec::new()));
            }
            if has(found, verb) {
                return Ok((noun, verb, Vec::new()));
            }
        }
        match definitions::kind(&noun).map(Kind::as_str) {
            Ok(kind) if verb == "get" => Ok(("definitions".to_owned(), verb, vec![kind])),
            Ok(kind) if verb == "list" => {
                Ok(("definitions".to_owned(), verb, vec!["--kind", kind]))
            }
            Ok(_) | Err(_) => Err(self.unknown(verb, &cli)),
        }
    }

    fn unknown(&self, verb: &str, cli: &clap::Command) -> Failure {
        let noun = &self.noun;
        let meant =
            |command: &&clap::Command| has(command, verb) || (verb == "list" && is_single(command));
        let nouns = cli.get_subcommands().filter(meant).map(clap::Command::get_name);
        let nouns: Vec<_> = nouns.collect();
        // A definition is text, and explains itself.
        let kinds = Kind::ALL.into_iter().filter(|_| verb != "explain").map(Kind::as_str);
        let mut words = nouns.clone();
        kinds.for_each(|kind| words.push(kind));
        let failure = Failure::unasked(format!("there is nothing called `{noun}` to {verb}"));
        let kinds = if verb == "explain" { "" } else { ", and kinds of definitions" };
        match plimsoll_api::document::nearest(noun, words) {
            Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
            None => failure.hint(format!("there are {}{kinds}", nouns.join(", "))),
        }
    }
}

/// Whether a command has that verb, by its name or by another that it goes by.
fn has(command: &clap::Command, verb: &str) -> bool {
    let goes_by = |it: &clap::Command| {
        it.get_name() == verb || it.get_all_aliases().any(|other| other == verb)
    };
    command.get_subcommands().any(goes_by)
}

/// Whether there is one of what a command is about: it is shown, and that is all.
fn is_single(command: &clap::Command) -> bool {
    let mut verbs = command.get_subcommands().map(clap::Command::get_name);
    verbs.next() == Some("get") && verbs.next().is_none()
}

#[cfg(test)]
mod tests;
