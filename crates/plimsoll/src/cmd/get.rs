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
            let verbs: Vec<_> = found.get_subcommands().map(clap::Command::get_name).collect();
            match verbs.as_slice() {
                // What there is one of is no list.
                ["get"] if verb == "list" => return Ok((noun, "get", Vec::new())),
                verbs if verbs.contains(&verb) => return Ok((noun, verb, Vec::new())),
                _ => {}
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
        let has = |command: &&clap::Command| {
            command.get_subcommands().any(|it| it.get_name() == verb || it.get_name() == "get")
        };
        let nouns: Vec<_> =
            cli.get_subcommands().filter(has).map(clap::Command::get_name).collect();
        let kinds = Kind::ALL.map(Kind::as_str);
        let words = nouns.iter().copied().chain(kinds);
        let failure = Failure::unasked(format!("there is nothing called `{noun}` to {verb}"));
        match plimsoll_api::document::nearest(noun, words) {
            Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
            None => {
                failure.hint(format!("there are {}, and kinds of definitions", nouns.join(", ")))
            }
        }
    }
}

#[cfg(test)]
mod tests;
