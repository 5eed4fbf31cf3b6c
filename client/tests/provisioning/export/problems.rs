//! What is wrong with one subscriber of an export, and nobody else loses by it.

use jsonsql_client::model::Subscriber;
use jsonsql_client::provisioning::Collation;
use jsonsql_client::provisioning::memory::{Memory, Row};
use jsonsql_client::provisioning::sync::{Removal, WantedRows, compare};

use super::read;
use crate::block_on;

#[test]
fn what_is_wrong_with_one_subscriber_is_its_problem_alone() {
    let text = "external_ref,login,enabled,packages,macs,device_limit\n\
        LB-1,1,1,opera,,\n\
        LB-2,2,1,twice,,\n\
        LB-3,3,1,3;3,00:1a:79:00:00:0x,\n\
        LB-4,4,1,4,,many\n\
        LB-5,,1,,,\n\
        ,6,1,,,2\n\
        LB-7,7,1,basic,,2\n";
    let export = read(text).unwrap();
    let problems: Vec<Option<String>> = (0..export.len())
        .map(|row| export.row(row).problem.clone())
        .collect();
    let problem = |text: &str| Some(text.to_owned());
    assert_eq!(
        problems,
        [
            problem("column packages: there is no package `opera`"),
            problem(
                "column packages: several packages have the name or key `twice`; write `3` or `4`"
            ),
            problem("column macs: no hardware address"),
            problem("column device_limit: no number of terminals"),
            problem("column login: it is empty"),
            problem("column external_ref: it is empty"),
            None,
        ]
    );
}

fn is_ours(subscriber: &Subscriber) -> bool {
    subscriber.external_ref.is_some()
}

/// Compares with a platform that has `a` to `e`, all of them the billing's.
fn left(text: &str) -> (Vec<String>, usize) {
    let mut memory = Memory::new().collation(Collation::MysqlGeneral);
    for login in ["a", "b", "c", "d", "Королёв"] {
        memory = memory.with(Row::new(login).reference(format!("LB-{login}")));
    }
    let export = read(text).unwrap();
    let schedule = block_on(async {
        let removal = Removal::Owned(&is_ours);
        let comparison = compare(&memory, export, &removal).await.unwrap();
        comparison.forecast(&memory).await
    });
    let shown = schedule.left().iter().map(ToString::to_string);
    (shown.collect(), schedule.takers())
}

/// Whoever has a line that cannot be had is not taken for one who has left.
#[test]
fn whose_line_cannot_be_had_keeps_what_they_have() {
    let text = "external_ref,login,enabled\n\
        LB-a,a,perhaps\n\
        LB-b,,1\n\
        ,c,1\n\
        LB-d,d,1\n\
        LB-D,d2,1\n\
        lb-королев,x,1\n\
        LB-y,КОРОЛЕВ,1\n\
        LB-z,королёв,1\n";
    let (left, takers) = left(text);
    assert_eq!(takers, 0, "nobody is deleted");
    assert_eq!(
        left,
        [
            "a, line 2: column enabled: neither 1 nor 0",
            "LB-b, line 3: column login: it is empty",
            "c, line 4: column external_ref: it is empty",
            "d, line 5: two subscribers have, or are to have, one external reference",
            "d2, line 6: two subscribers have, or are to have, one external reference",
            "КОРОЛЕВ, line 8: two subscribers have, or are to have, one login",
            "королёв, line 9: two subscribers have, or are to have, one login",
        ]
    );
}

#[test]
fn a_line_without_any_key_keeps_everybody_from_being_deleted() {
    let all = "external_ref,login,enabled\nLB-a,a,1\n";
    let (nobody, takers) = left(all);
    assert_eq!((nobody.len(), takers), (0, 4));
    let (some, takers) = left(&format!("{all},,1\n"));
    assert_eq!((some.len(), takers), (5, 0));
    let reason = "a row of the export has neither login nor reference, and may be its own";
    assert_eq!(some[0], format!("b: {reason}"));
}
