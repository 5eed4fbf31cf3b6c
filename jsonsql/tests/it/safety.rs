//! Text is never a column.

use crate::tables::*;

#[test]
fn a_delete_by_subselect_in_both_spellings() {
    let delete = Terminal::delete(|t| {
        t.subscriber_id
            .in_query(Subscriber::filter(|s| s.username.eq("test")).column(|s| s.id))
    });
    assert_eq!(
        format!("{delete:#}"),
        "DELETE FROM terminal WHERE subscriber_id IN (SELECT s.id FROM subscriber AS s \
         WHERE s.username = 'test') RETURNING id"
    );
    assert_eq!(
        delete.to_json().unwrap(),
        r#"{"from":"terminal","where":{"in":["subscriber_id",{"select":{"data":[{"s":"id"}],"from":{"table":"subscriber","as":"s"},"where":{"eq":[{"s":"username"},"test"]}}}]},"returning":"id"}"#
    );
    assert_eq!(
        serde_json::to_string(&delete.unqualified()).unwrap(),
        r#"{"from":"terminal","where":{"in":["subscriber_id",{"select":{"data":"id","from":"subscriber","where":{"eq":["username","test"]}}}]},"returning":"id"}"#
    );
}

#[test]
fn a_text_that_is_a_column_is_refused() {
    let select = Subscriber::filter(|s| s.username.eq("email"));
    assert_eq!(
        select.to_json().unwrap_err().to_string(),
        "the text \"email\" in `where` would be read as the column of that name in `subscriber`"
    );
    assert_eq!(select.clone().split_ambiguous_text().to_json().unwrap(), {
        r#"{"data":[{"s":"id"},{"s":"username"},{"s":"password"},{"s":"disabled"},{"s":"max_terminal"}],"from":{"table":"subscriber","as":"s"},"where":{"eq":[{"s":"username"},{"concat":["e","mail"]}]}}"#
    });
}

#[test]
fn an_alias_never_reads_like_a_text() {
    let select = Subscriber::filter(|s| s.username.eq("s")).column(|s| s.id);
    assert_eq!(
        format!("{select:#}"),
        "SELECT s2.id FROM subscriber AS s2 WHERE s2.username = 's'"
    );
}
