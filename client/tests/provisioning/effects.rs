//! The effects that a run reports are those that its preview has named.

use jsonsql_client::provisioning::{Effect, Forecast, Outcome, Report};

/// A job's forecast and its report.
type Job<'a, O> = (&'a Result<Forecast, Outcome>, &'a Report<O>);

/// Compares the effects of each job that is done with those that were forecast
/// before. A run that says that it has not read terminals is compared in what is
/// lost for good.
pub(crate) fn are_as_forecast<'a, O: 'a>(jobs: impl IntoIterator<Item = Job<'a, O>>) {
    compare(jobs, |_| true);
}

/// Compares as [`are_as_forecast`] does after answers were lost: then steps may
/// be planned anew, and those that remove nothing of the model be others.
pub(crate) fn are_as_forecast_in_a_storm<'a, O: 'a>(jobs: impl IntoIterator<Item = Job<'a, O>>) {
    compare(
        jobs,
        |effect| !matches!(effect, Effect::Irreversible { lost, .. } if lost.is_empty()),
    );
}

fn compare<'a, O: 'a>(
    jobs: impl IntoIterator<Item = Job<'a, O>>,
    is_compared: impl Fn(&Effect) -> bool,
) {
    for (forecast, report) in jobs {
        let (Ok(forecast), true) = (forecast, report.outcome.is_done()) else {
            continue;
        };
        let is_partial = report.effects.contains(&Effect::Unread);
        let is_told =
            |effect: &Effect| !is_partial || matches!(effect, Effect::Irreversible { .. });
        let shown = |effects: &[Effect]| {
            let compared = effects
                .iter()
                .filter(|one| is_told(one) && is_compared(one));
            let mut shown: Vec<String> = compared.map(ToString::to_string).collect();
            shown.sort();
            shown
        };
        let (effects, wanted) = (shown(&report.effects), shown(&forecast.effects));
        assert_eq!(effects, wanted, "{:?}", report.outcome);
    }
}
