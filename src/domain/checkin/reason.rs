//! The words of a decision, and which of them are instructions rather than decisions.

pub use crate::store::verdicts::{
    Direction, Liveness, Means, Mode, Reason, Standing, UndoReason, Verdict,
};

/// Whether a reason is an instruction ("come closer") rather than a decision: it is counted, not
/// kept one by one.
#[must_use]
pub const fn is_counted(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::NoFace | Reason::ManyFaces | Reason::LowQuality
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_instructions_are_counted() {
        let counted: Vec<_> = Reason::ALL.iter().filter(|r| is_counted(**r)).collect();
        assert_eq!(
            counted,
            [&Reason::NoFace, &Reason::ManyFaces, &Reason::LowQuality]
        );
    }

    #[test]
    fn the_design_s_reasons_are_all_there() {
        let design = "unknown_face ambiguous_face no_face many_faces low_quality liveness_failed \
            liveness_unavailable face_engine_error unknown_ticket already_admitted ticket_revoked \
            ticket_blocked not_settled wrong_event not_yet_valid expired not_enrolled event_closed \
            capacity_reached not_permitted answers_missing clock_unsynced rate_limited";
        for code in design.split_whitespace() {
            assert!(Reason::read(code).is_some(), "{code}");
        }
    }
}
