//! What Plimsoll keeps: tallies (a log of samples, and the minutes it folds into).
pub mod tallies;
