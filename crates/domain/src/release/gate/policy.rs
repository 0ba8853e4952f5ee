//! The error-budget policy: what each status of a budget permits, where the statuses begin, and
//! what is told besides.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Allowance, ChangeClass, Reserved, Verdict};
use crate::catalog::Name;
use crate::slo::budget::{Marks, Share, Status, Terms};
use crate::slo::ledger::Attribution;
use crate::time::Minutes;

/// What one budget status permits (BUD-03 to BUD-06).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The verdict for classes not named in `except`.
    pub default: Verdict,
    /// Classes with another verdict (BUD-09).
    #[serde(default)]
    pub except: BTreeMap<ChangeClass, Verdict>,
    /// What the team should do meanwhile; repeated in the reasons.
    #[serde(default)]
    pub advice: Option<String>,
}

impl Rule {
    /// The verdict for one class.
    pub(super) fn verdict(&self, class: ChangeClass) -> Verdict {
        self.except.get(&class).copied().unwrap_or(self.default)
    }
}

/// A share of the budget at which something is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The share.
    pub at: Share,
    /// What to do then.
    #[serde(default)]
    pub advice: Option<String>,
}

/// When a team that has used up several budgets should slow down as a whole (BUD-15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strain {
    /// From so many services with an exhausted budget on, of one owner.
    pub services: u32,
    /// What that permits.
    pub rule: Rule,
}

/// An error-budget policy: what each status permits, and how ignorance is judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Its name.
    pub name: Name,
    /// Where the statuses begin (BUD-02); decisions from before this was a policy's to say were
    /// made by [`Marks::PRACTICE`].
    #[serde(default)]
    pub marks: Marks,
    /// The rule per status; a status without one is `deny`.
    pub rules: BTreeMap<Status, Rule>,
    /// Below which share those who lead are to be told (ALR-02).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalate: Option<Mark>,
    /// Above which share a budget is called unused (BUD-13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unused: Option<Mark>,
    /// When a team has used up too many budgets (BUD-15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strain: Option<Strain>,
    /// What may be spent on purpose for a time (BUD-08).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<Allowance>,
    /// Windows that are kept for work on reliability (BUD-17).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reserved: Vec<Reserved>,
    /// What deployments answer for in the ledger (BUD-16); no decision rests on it.
    #[serde(default, skip_serializing_if = "Attribution::is_default")]
    pub attribution: Attribution,
    /// The share of the window that may be unmeasured before `unmeasured_verdict` applies.
    pub unmeasured_max: f64,
    /// The verdict when more of the window is unmeasured.
    pub unmeasured_verdict: Verdict,
    /// How long a decision holds, in minutes.
    pub valid_minutes: u32,
    /// Environments where the gate decides in earnest; elsewhere it is in shadow mode.
    #[serde(default)]
    pub enforced_environments: Vec<Name>,
}

impl Policy {
    /// The longest that a decision may hold: what it rests on is a month old by then.
    pub const VALID_LONGEST: Minutes = Minutes(30 * 1_440);

    /// Until when what is decided now holds; the end of time, should that be later.
    pub fn expires_at(&self, decided_at: Timestamp) -> Timestamp {
        let valid = SignedDuration::from_mins(i64::from(self.valid_minutes));
        decided_at.checked_add(valid).unwrap_or(Timestamp::MAX)
    }

    /// What it makes of a budget.
    pub fn terms(&self) -> Terms {
        Terms {
            marks: self.marks,
            escalate_below: self.escalate.as_ref().map(|mark| mark.at),
            unused_above: self.unused.as_ref().map(|mark| mark.at),
        }
    }
}
