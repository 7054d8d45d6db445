//! The words of a decision as they are stored: verdicts, reasons, and what else is told apart.
//! Their texts are stored, sent and translated; none of them ever changes. What they mean is
//! decided in `domain::checkin`, which passes them on as its own.

use crate::base::id::{DeviceId, PersonId};
use crate::base::word::words;

words! {
    /// What was decided.
    Verdict {
        /// The person may pass, and it is recorded.
        Admitted => "admitted",
        /// It was recorded before.
        Already => "already",
        /// The person may not pass.
        Refused => "refused",
        /// Two people are equally likely: a person at the desk chooses.
        Ambiguous => "ambiguous",
        /// A person at the desk, or a second factor, decides.
        Attention => "attention",
    }
}

words! {
    /// Why it was decided so.
    Reason {
        /// Nobody in the gallery is near enough.
        UnknownFace => "unknown_face",
        /// Two people of the gallery are too near each other.
        AmbiguousFace => "ambiguous_face",
        /// No face in the picture.
        NoFace => "no_face",
        /// More than one face of about the same size.
        ManyFaces => "many_faces",
        /// The picture is not good enough; the detail says what is wrong.
        LowQuality => "low_quality",
        /// The challenge was not met.
        LivenessFailed => "liveness_failed",
        /// Liveness was not measured, but is required.
        LivenessUnavailable => "liveness_unavailable",
        /// Face recognition is off or failed.
        FaceEngineError => "face_engine_error",
        /// The gallery is too large for a face alone, or the second factor was wrong.
        SecondFactor => "second_factor",
        /// No ticket has this code, nobody this number.
        UnknownTicket => "unknown_ticket",
        /// The ticket, or the person today, is in already.
        AlreadyAdmitted => "already_admitted",
        /// The ticket was replaced or cancelled.
        TicketRevoked => "ticket_revoked",
        /// The ticket was blocked by staff.
        TicketBlocked => "ticket_blocked",
        /// The ticket is not paid for.
        NotSettled => "not_settled",
        /// The ticket is one of another event.
        WrongEvent => "wrong_event",
        /// Too early.
        NotYetValid => "not_yet_valid",
        /// Too late.
        Expired => "expired",
        /// The person has no face template in force.
        NotEnrolled => "not_enrolled",
        /// The event is not open.
        EventClosed => "event_closed",
        /// The room is full.
        CapacityReached => "capacity_reached",
        /// A rule of the event forbids it: no ticket, the wrong gate, faces not allowed.
        NotPermitted => "not_permitted",
        /// Questions of the event are not answered yet.
        AnswersMissing => "answers_missing",
        /// Advisory: the box does not know the time for certain.
        ClockUnsynced => "clock_unsynced",
        /// Too many tries.
        RateLimited => "rate_limited",
    }
}

words! {
    /// Which way somebody goes.
    Direction {
        /// In.
        Entry => "entry",
        /// Out.
        Exit => "exit",
    }
}

words! {
    /// Whether the box decided, or is told what was decided without it.
    Mode {
        /// The box decided.
        Online => "online",
        /// Staff decided while the box could not be reached; this is the report.
        Offline => "offline",
    }
}

words! {
    /// By what somebody was known.
    Means {
        /// By the face.
        Face => "face",
        /// By a ticket's code.
        Code => "code",
        /// Picked from the list by staff.
        Person => "person",
        /// By a typed number.
        Number => "number",
    }
}

words! {
    /// What is known of whether a living person stood there.
    Liveness {
        /// The challenge was met.
        Pass => "pass",
        /// The challenge was not met.
        Fail => "fail",
        /// There was no challenge, or it could not be measured.
        NotMeasured => "not_measured",
    }
}

words! {
    /// How an arrival stands to the day's start.
    Standing {
        /// In time.
        Present => "present",
        /// After the limit.
        Late => "late",
    }
}

words! {
    /// Why an admission is undone.
    UndoReason {
        /// Somebody else was meant.
        WrongPerson => "wrong_person",
        /// Recorded twice.
        Double => "double",
        /// Turned round and left.
        LeftAtOnce => "left_at_once",
        /// It was a test.
        Test => "test",
        /// Something else, which a remark says.
        Other => "other",
    }
}

/// Which decisions of an occasion; None: whatever it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct VisitFilter {
    /// What was decided.
    pub verdict: Option<Verdict>,
    /// About whom.
    pub person: Option<PersonId>,
    /// At which device.
    pub device: Option<DeviceId>,
}
