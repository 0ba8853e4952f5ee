//! One SLO, and the reasons behind its numbers.

use plimsoll_api::v1::slo::{
    Arm, ExplainedMinute, ExplainedSlice, Explanation, History, Indicator, Marks, Method, Methods,
    Period, Point, Remark, RoutedSeries, Slo, TimeSlice,
};

use super::format::{
    burn, count, instant, joined, maybe, maybe_instant, percent, probability, rough_percent,
};
use super::{NOTHING, Screen, Word, objective, page};

/// One SLO and where it stands.
pub(crate) fn one(screen: &Screen, slo: &Slo) -> String {
    let arms = arms(screen, &slo.burn);
    page([heading(screen, slo), figures(screen, slo), arms, notes(screen, slo)])
}

/// The minutes, the series routed then, and the arithmetic.
pub(crate) fn explanation(screen: &Screen, explanation: &Explanation) -> String {
    let Explanation { slo, total_selector, part, part_selector, minutes, series, .. } = explanation;
    let (from, to) = (instant(explanation.window_from), instant(explanation.window_to));
    let counted = screen.sheet([
        ("Window", format!("{from} to {to}").into()),
        ("Indicator", indicator(&slo.indicator).into()),
        ("Total", total_selector.as_str().into()),
        (if part == "good" { "Good" } else { "Bad" }, part_selector.as_str().into()),
    ]);
    page([
        heading(screen, slo),
        counted,
        titled("Minutes", &minute_table(screen, minutes)),
        slice_table(screen, &explanation.slices),
        titled("Series routed then", &series_table(screen, series)),
        titled("Arithmetic", &screen.prose(&explanation.arithmetic.join("\n"))),
        notes(screen, slo),
    ])
}

/// How it went, the oldest line first.
pub(crate) fn history(screen: &Screen, History { step_minutes, points }: &History) -> String {
    let heads = ["AT", "GOOD", "TOTAL", "BUDGET", "LONG", "SHORT", "COVERAGE"];
    let line = |point: &Point| -> Vec<Word> {
        vec![
            instant(point.at).into(),
            count(point.good).into(),
            count(point.total).into(),
            maybe(point.budget_remaining, rough_percent).into(),
            maybe(point.burn_long, burn).into(),
            maybe(point.burn_short, burn).into(),
            maybe(point.coverage, rough_percent).into(),
        ]
    };
    let what = format!(
        "{step_minutes} min a line; LONG and SHORT are the burn over the windows of the first arm \
         that pages"
    );
    page([screen.prose(&what), screen.table(&heads, points.iter().map(line))])
}

/// The arms of a burn policy, with their numbers.
pub(super) fn arms(screen: &Screen, arms: &[Arm]) -> String {
    if arms.is_empty() {
        return String::new();
    }
    let heads = ["ARM", "LONG", "SHORT", "FACTOR", "SIGNIFICANCE", "SEVERITY", "FIRING"];
    screen.table(&heads, arms.iter().map(arm))
}

fn arm(arm: &Arm) -> Vec<Word> {
    let (p, needed) = (probability(arm.significance), probability(arm.significance_needed));
    vec![
        format!("{}/{}", arm.long_window, arm.short_window).into(),
        maybe(arm.long, burn).into(),
        maybe(arm.short, burn).into(),
        burn(arm.factor).into(),
        format!("{p} (needs below {needed})").into(),
        arm.severity.as_str().into(),
        if arm.firing { Word::status("firing") } else { "no".into() },
    ]
}

fn heading(screen: &Screen, slo: &Slo) -> String {
    let status = screen.loud(&Word::status(&slo.status));
    let mut lines = vec![format!("{}: {status}", slo.name)];
    lines.extend(slo.display_name.clone());
    lines.extend(slo.description.clone());
    screen.prose(&lines.join("\n"))
}

fn figures(screen: &Screen, slo: &Slo) -> String {
    let owner = slo.owner.as_deref().unwrap_or("unowned");
    let objective = percent(slo.objective);
    let ratio = maybe(slo.error_ratio, percent);
    screen.sheet([
        ("Service", format!("{} ({owner})", slo.service).into()),
        ("Objective", format!("{objective} over {} ({})", over(slo), method(slo)).into()),
        ("Indicator", indicator(&slo.indicator).into()),
        ("Budget left", budget(slo).into()),
        (if slo.time_slice.is_some() { "Slices" } else { "Events" }, counted(slo).into()),
        ("Error ratio", ratio.into()),
        ("Coverage", coverage(slo).into()),
        ("Inferred", format!("{} events", count(slo.inferred)).into()),
        ("Data until", maybe_instant(slo.watermark).into()),
        ("As of", instant(slo.as_of).into()),
        ("Budget policy", budget_policy(slo).into()),
        ("Burn policy", named(slo, "BurnPolicy", &slo.burn_policy).into()),
        ("Alert", slo.alert.clone().into()),
    ])
}

fn method(slo: &Slo) -> String {
    let slices = slo.time_slice.as_ref().map(|slices| format!(", {}", sliced(slices)));
    slo.budgeting_method.clone() + &slices.unwrap_or_default()
}

/// How long slices are, and what makes one good.
fn sliced(TimeSlice { window, target }: &TimeSlice) -> String {
    match target {
        Some(target) => format!("slices of {window} with {} good", percent(*target)),
        None => format!("slices of {window}"),
    }
}

fn counted(slo: &Slo) -> String {
    let counted = format!("{} good of {}", count(slo.good), count(slo.total));
    match slo.unjudged.filter(|unjudged| *unjudged > 0.0) {
        Some(unjudged) => format!("{counted}; {} not judged", count(unjudged)),
        None => counted,
    }
}

/// The budgeting methods side by side.
pub(crate) fn methods(screen: &Screen, methods: &Methods) -> String {
    let Methods { slo, objective, window, as_of, methods } = methods;
    let sheet = screen.sheet([
        ("SLO", slo.as_str().into()),
        ("Objective", format!("{} over {window}", percent(*objective)).into()),
        ("As of", instant(*as_of).into()),
    ]);
    let heads =
        ["METHOD", "SLICES", "COUNTS", "GOOD", "OF", "UNJUDGED", "ERRORS", "LEFT", "WORST", "BEST"];
    let line = |of: &Method| -> Vec<Word> {
        let [left, worst, best] =
            [of.budget_remaining, of.budget_remaining_worst, of.budget_remaining_best];
        vec![
            of.budgeting_method.as_str().into(),
            of.time_slice.as_ref().map(sliced).into(),
            if of.counts { "yes".into() } else { "no".into() },
            count(of.good).into(),
            count(of.total).into(),
            maybe(of.unjudged, count).into(),
            maybe(of.error_ratio, percent).into(),
            maybe(left, percent).into(),
            maybe(worst, percent).into(),
            maybe(best, percent).into(),
        ]
    };
    page([sheet, screen.table(&heads, methods.iter().map(line))])
}

/// The window, and which period it is at.
fn over(slo: &Slo) -> String {
    slo.period.as_ref().map_or_else(
        || slo.window.clone(),
        |Period { from, to, time_zone }| {
            format!("{}, from {} to {} by {time_zone}", slo.window, instant(*from), instant(*to))
        },
    )
}

/// The kind, and what makes an event good.
fn indicator(indicator: &Indicator) -> String {
    let Indicator { kind, op, bound } = indicator;
    let (Some(op), Some(bound)) = (op, bound) else { return kind.clone() };
    let sign = match op.as_str() {
        "lt" => "<",
        "lte" => "≤",
        "gt" => ">",
        "gte" => "≥",
        other => other,
    };
    let what = if kind == "gauge" { "samples" } else { "observations" };
    format!("{kind}: {what} {sign} {bound} are good")
}

/// The headline, and the interval around it when gaps leave one.
fn budget(slo: &Slo) -> String {
    let (worst, best) = (slo.budget_remaining_worst, slo.budget_remaining_best);
    let headline = maybe(slo.budget_remaining, percent);
    if worst == best {
        return headline;
    }
    format!("{headline} (worst {}, best {})", maybe(worst, percent), maybe(best, percent))
}

/// The policy, and where it has the statuses begin.
fn budget_policy(slo: &Slo) -> String {
    let Marks { healthy_above, caution_above, warning_above, .. } = slo.marks;
    let [healthy, caution, warning] = [healthy_above, caution_above, warning_above].map(percent);
    let policy = &slo.budget_policy;
    let policy = named(slo, "ErrorBudgetPolicy", policy);
    format!("{policy}: healthy above {healthy}, caution above {caution}, warning above {warning}")
}

/// The name of a policy, and whose it is where that is said.
fn named(slo: &Slo, kind: &str, name: &str) -> String {
    match slo.origins.iter().find(|origin| origin.kind == kind) {
        Some(whose) => format!("{name} ({})", objective::origin(whose)),
        None => name.to_owned(),
    }
}

fn coverage(slo: &Slo) -> String {
    let covered = maybe(slo.coverage, percent);
    let unmeasured = rough_percent(slo.unmeasured);
    let gaps = count(slo.gap_minutes);
    format!("{covered}; {gaps} minutes of gaps; {unmeasured} of the window unmeasured")
}

fn notes(screen: &Screen, slo: &Slo) -> String {
    let corrected =
        format!("{} events were added after their minute was sealed", count(slo.corrected));
    let aligned = "the window's old edge is widened to a whole hour: minutes that old are not kept";
    let unmeasured = "no sample that its selectors name has come yet; `plimsoll telemetry get` \
                      says what came instead";
    let remark = slo.remark.as_ref().map(|Remark { message, advice, .. }| match advice {
        Some(advice) => format!("{message}. {advice}"),
        None => message.clone(),
    });
    let told = [
        remark,
        (slo.status == "unmeasured").then(|| unmeasured.to_owned()),
        (slo.corrected > 0.0).then_some(corrected),
        slo.aligned_to_hours.then(|| aligned.to_owned()),
    ];
    let all = told.into_iter().flatten().chain(slo.burn_notes.iter().cloned());
    all.map(|note| screen.prose(&format!("note: {note}"))).collect::<Vec<_>>().join("\n")
}

fn titled(title: &str, body: &str) -> String {
    format!("{title}\n{}", if body.is_empty() { NOTHING } else { body })
}

fn minute_table(screen: &Screen, minutes: &[ExplainedMinute]) -> String {
    if minutes.is_empty() {
        return String::new();
    }
    let heads = ["MINUTE", "GOOD", "BAD", "TOTAL", "INFERRED", "COVERAGE", "STATE"];
    screen.table(
        &heads,
        minutes.iter().map(|minute| {
            vec![
                instant(minute.minute).into(),
                count(minute.good).into(),
                count(minute.bad).into(),
                count(minute.total).into(),
                count(minute.inferred).into(),
                rough_percent(minute.coverage).into(),
                minute.state.as_str().into(),
            ]
        }),
    )
}

fn slice_table(screen: &Screen, slices: &[ExplainedSlice]) -> String {
    if slices.is_empty() {
        return String::new();
    }
    let verdict = |slice: &ExplainedSlice| match slice.verdict {
        None => "not judged".to_owned(),
        Some(1.0) => "good".to_owned(),
        Some(0.0) => "bad".to_owned(),
        Some(share) => percent(share),
    };
    let line = |slice: &ExplainedSlice| -> Vec<Word> {
        vec![
            instant(slice.from).into(),
            instant(slice.to).into(),
            count(slice.good).into(),
            count(slice.total).into(),
            verdict(slice).into(),
        ]
    };
    let heads = ["FROM", "TO", "GOOD", "TOTAL", "VERDICT"];
    titled("Slices", &screen.table(&heads, slices.iter().map(line)))
}

fn series_table(screen: &Screen, series: &[RoutedSeries]) -> String {
    if series.is_empty() {
        return String::new();
    }
    let heads = ["SERIES", "COUNTS AS", "FIRST", "LAST", "VALUE", "INTERVAL", "STATE"];
    screen.table(
        &heads,
        series.iter().map(|series| {
            let seconds = |seconds: f64| format!("{seconds} s");
            vec![
                labels(series).into(),
                joined(&series.channels).into(),
                instant(series.first_sample_at).into(),
                instant(series.last_sample_at).into(),
                count(series.last_value).into(),
                maybe(series.interval_seconds, seconds).into(),
                Word::status(&series.state),
            ]
        }),
    )
}

/// `name{label="value",…}`, as Prometheus writes a series.
fn labels(series: &RoutedSeries) -> String {
    const NAME: &str = "__name__";
    let name = series.labels.get(NAME).map_or("", String::as_str);
    let others = series.labels.iter().filter(|(label, _)| *label != NAME);
    let pairs: Vec<_> = others.map(|(label, value)| format!("{label}={value:?}")).collect();
    format!("{name}{{{}}}", pairs.join(","))
}

#[cfg(test)]
mod tests;
