"""Why a rail says no. Each has a number that no other has; the program on chain gives the same."""

from __future__ import annotations

from basis.errors import Conflict, Forbidden, Invalid, NotFound
from basis.escrow import Refused

FIRST_NUMBER = 6_000


class NotSigned(Refused, Forbidden):
    number = 6001
    words = "The signature does not fit the command and its signer. Sign it again."


class NoSuchJob(Refused, NotFound):
    number = 6002
    words = "There is no such job: it was never opened, or it has ended."


class JobExists(Refused, Conflict):
    number = 6003
    words = "This shipper has a job of this id already. Take another id."


class WrongAddress(Refused, Invalid):
    number = 6004
    words = "An account is not the one that belongs here. Build the message anew."


class BudgetInvalid(Refused, Invalid):
    number = 6005
    words = "A budget is at least 1 and fits 63 bits."


class DeadlineInvalid(Refused, Invalid):
    number = 6006
    words = (
        "A deadline lies in the future: 30 days at most for an award or a leg, 7 for acceptance."
    )


class ArbiterNotIndependent(Refused, Invalid):
    number = 6007
    words = "The arbiter is neither the shipper nor the coordinator. Name somebody else."


class InsufficientFunds(Refused, Conflict):
    number = 6008
    words = (
        "The wallet holds too little. Deposit first; the smallest balance of a wallet must stay."
    )


class NotCoordinator(Refused, Forbidden):
    number = 6009
    words = "Only the coordinator named by the shipper may do this."


class NotCourier(Refused, Forbidden):
    number = 6010
    words = "This leg was offered to somebody else."


class NotArbiter(Refused, Forbidden):
    number = 6011
    words = "Only the arbiter named by the shipper may rule."


class WrongRecipient(Refused, Forbidden):
    number = 6012
    words = "Only who receives the load may say this: the next courier, at the end the shipper."


class WrongCourier(Refused, Conflict):
    number = 6013
    words = "The courier named is not the one of this leg. Look at the job again."


class JobNotOpen(Refused, Conflict):
    number = 6014
    words = "The legs of this job are awarded already."


class JobNotAwarded(Refused, Conflict):
    number = 6015
    words = "The legs of this job are not awarded yet, or all of them are done."


class JobNotDone(Refused, Conflict):
    number = 6016
    words = "Some legs of this job are not done yet."


class JobDone(Refused, Conflict):
    number = 6017
    words = "All legs of this job are done. Close it instead."


class AwardTooLate(Refused, Conflict):
    number = 6018
    words = "The time for the award is over."


class LegCountInvalid(Refused, Invalid):
    number = 6019
    words = "A job has between 1 and 8 legs."


class PayInvalid(Refused, Invalid):
    number = 6020
    words = "The pay of a leg is at least 1, and their sum fits 64 bits."


class BudgetExceeded(Refused, Conflict):
    number = 6021
    words = "The legs cost more than the budget of the job."


class SelfDealing(Refused, Invalid):
    number = 6022
    words = (
        "A courier is neither shipper, coordinator nor arbiter of the job, "
        "and never hands over to itself."
    )


class NoSuchLeg(Refused, NotFound):
    number = 6023
    words = "The job has no leg of this number."


class LegOutOfOrder(Refused, Conflict):
    number = 6024
    words = "It is not this leg's turn. Legs go strictly one after the other."


class LegNotOffered(Refused, Conflict):
    number = 6025
    words = "This leg has been accepted already."


class LegNotAccepted(Refused, Conflict):
    number = 6026
    words = "Accept the leg first."


class LegTooLate(Refused, Conflict):
    number = 6027
    words = "The time of this leg is over. The job can only expire."


class ReplaceTooEarly(Refused, Conflict):
    number = 6028
    words = "The courier still has time to accept."


class LegNotArrived(Refused, Conflict):
    number = 6029
    words = "The courier has not said yet that it arrived."


class LegArrived(Refused, Conflict):
    number = 6030
    words = "The courier has said that it arrived: confirm or dispute it."


class LegDisputed(Refused, Conflict):
    number = 6031
    words = "The arrival is disputed: the arbiter has the word."


class LegNotDisputed(Refused, Conflict):
    number = 6032
    words = "Nobody disputes this leg."


class MissingNextLeg(Refused, Conflict):
    number = 6033
    words = "The next leg has no courier yet who accepted it, so nobody can receive the load."


class SilenceNotOver(Refused, Conflict):
    number = 6034
    words = "Who receives the load still has time to confirm or to dispute."


class RulingNotOver(Refused, Conflict):
    number = 6035
    words = "The arbiter still has time to rule."


class DisputeTooLate(Refused, Conflict):
    number = 6036
    words = "The time to dispute this arrival is over."


class ShareInvalid(Refused, Invalid):
    number = 6037
    words = "A share lies between 0 and 10,000 basis points."


class ExpireTooEarly(Refused, Conflict):
    number = 6038
    words = "The time of this job is not over yet."


class NotTreasury(Refused, Forbidden):
    number = 6039
    words = "Only the treasury of this rail may bring money onto it."


class AmountInvalid(Refused, Invalid):
    number = 6040
    words = "An amount is at least 1 and fits 63 bits."


class CommandExpired(Refused, Conflict):
    number = 6041
    words = "The command has expired. Sign a new one."


class TreasuryApart(Refused, Forbidden):
    number = 6042
    words = "The treasury takes no part in jobs and pays nothing to itself. Use another key."


REFUSALS: dict[int, type[Refused]] = {kind.number: kind for kind in Refused.__subclasses__()}
