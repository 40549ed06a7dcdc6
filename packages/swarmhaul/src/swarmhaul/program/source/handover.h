// While the load is on its way, and how a job ends. swarmhaul/settlement/handover.py says the same.

enum { PAID_COURIER = 2, PAID_REPUTATION, PAID_ACCOUNTS, RULED_SHIPPER = 4, RULED_PAYER,
       RULED_ACCOUNTS };
enum { ENDED_SHIPPER = 2, ENDED_PAYER, ENDED_ACCOUNTS, ENDED_REPUTATION = 4 };
enum { NOTHING, COMPLETED, BREACHED };

static u64 arrive(Context *context)
{
    u64 refusal = check_form(context, 2, 2);
    if (!refusal) refusal = find_current(context);
    if (refusal) return refusal;
    Leg *leg = context->leg;
    if (!is_by(context, &leg->courier)) return NOT_COURIER;
    if (leg->state == OFFERED) return LEG_NOT_ACCEPTED;
    if (leg->state != ACCEPTED) return LEG_ARRIVED;
    leg->state = ARRIVED;
    leg->since = context->now;
    tell(context, ARRIVE, context->number, 0);
    return AGREED;
}

INLINE u64 check_arrived(const Leg *leg)
{
    if (leg->state == DISPUTED) return LEG_DISPUTED;
    return leg->state == ARRIVED ? AGREED : LEG_NOT_ARRIVED;
}

// The leg after the current one; 0 when there is none.
INLINE const Leg *next_leg(const Context *context)
{
    const Job *job = context->job;
    return context->number + 1 < job->leg_count ? &job->legs[context->number + 1] : 0;
}

static u64 pay_courier(Context *context, u64 pay)
{
    Account *courier = &context->accounts[PAID_COURIER];
    if (!is_same(courier->key, &context->leg->courier)) return WRONG_ADDRESS;
    // Said in our words: the runtime would refuse it too, in its own.
    if (pay && *courier->lamports + pay < smallest_balance(0)) return INSUFFICIENT_FUNDS;
    *context->accounts[JOB].lamports -= pay;
    *courier->lamports += pay;
    context->job->paid += pay;
    return AGREED;
}

static u64 count_deed(Context *context, u64 number, u64 deed)
{
    Reputation *reputation = find_reputation(context, number);
    if (!reputation) return WRONG_ADDRESS;
    if (deed == COMPLETED) reputation->completed++;
    if (deed == BREACHED) reputation->breached++;
    return AGREED;
}

// The current leg is over, its courier is paid, and the clock of the next one starts.
static u64 settle(Context *context, u64 pay, u64 deed)
{
    Job *job = context->job;
    u64 refusal = pay_courier(context, pay);
    if (!refusal) refusal = count_deed(context, PAID_REPUTATION, deed);
    if (refusal) return refusal;
    context->leg->state = SETTLED;
    job->done++;
    if (job->done == job->leg_count) job->status = STATUS_DONE;
    else job->legs[job->done].due = context->now + job->legs[job->done].duration;
    tell(context, context->data[0], context->number, pay);
    return AGREED;
}

static u64 confirm(Context *context)
{
    u64 refusal = check_form(context, PAID_ACCOUNTS, 2 + 32);
    if (!refusal) refusal = find_courier(context);
    if (!refusal) refusal = check_arrived(context->leg);
    if (refusal) return refusal;
    const Leg *next = next_leg(context);
    if (next && next->state == OFFERED) return MISSING_NEXT_LEG;
    if (!is_by(context, next ? &next->courier : &context->job->shipper)) return WRONG_RECIPIENT;
    return settle(context, context->leg->pay, COMPLETED);
}

static u64 release(Context *context)
{
    u64 refusal = check_form(context, PAID_ACCOUNTS, 2 + 32);
    if (!refusal) refusal = find_courier(context);
    if (refusal) return refusal;
    const Leg *leg = context->leg;
    if (leg->state == DISPUTED) {
        if (context->now <= leg->since + RULING_SECONDS) return RULING_NOT_OVER;
        // Nobody gains by an arbiter who is gone: each side bears half, and nothing is counted.
        return settle(context, leg->pay / 2, NOTHING);
    }
    if (leg->state != ARRIVED) return LEG_NOT_ARRIVED;
    if (context->now <= leg->since + SILENCE_SECONDS) return SILENCE_NOT_OVER;
    return settle(context, leg->pay, COMPLETED);
}

static u64 dispute(Context *context)
{
    u64 refusal = check_form(context, 2, 2 + 32);
    if (!refusal) refusal = find_current(context);
    if (!refusal) refusal = check_arrived(context->leg);
    if (refusal) return refusal;
    const Leg *next = next_leg(context);
    // While nobody has accepted the next leg, only the shipper can say that nothing came.
    int is_taken = next && next->state != OFFERED;
    if (!is_by(context, is_taken ? &next->courier : &context->job->shipper)) {
        return WRONG_RECIPIENT;
    }
    if (context->now > context->leg->since + SILENCE_SECONDS) return DISPUTE_TOO_LATE;
    context->leg->state = DISPUTED;
    context->leg->since = context->now;
    tell(context, DISPUTE, context->number, 0);
    return AGREED;
}

// What is left goes to the shipper, and what the account itself cost to its payer. Where that would
// leave the shipper with less than a wallet may hold, the shipper gets both: a refund never fails.
static u64 end_job(Context *context, u64 shipper_number, u64 payer_number)
{
    Job *job = context->job;
    Account *account = &context->accounts[JOB];
    Account *shipper = &context->accounts[shipper_number];
    Account *payer = &context->accounts[payer_number];
    if (!is_same(shipper->key, &job->shipper)) return WRONG_ADDRESS;
    if (!is_same(payer->key, &job->payer)) return WRONG_ADDRESS;
    u64 refund = job->budget - job->paid, rest = *account->lamports - refund;
    tell(context, context->data[0], job->done, refund);
    if (*shipper->lamports + refund < smallest_balance(0)) {
        refund += rest;
        rest = 0;
    }
    *account->lamports = 0;
    *shipper->lamports += refund;
    *payer->lamports += rest;
    sol_memset_(account->data, 0, sizeof(Job));
    return AGREED;
}

// A share of the pay without a product that could be too large: the part that divides, the rest.
INLINE u64 share_of(u64 pay, u64 share)
{
    return pay / BASIS_POINTS * share + pay % BASIS_POINTS * share / BASIS_POINTS;
}

static u64 resolve(Context *context)
{
    u64 refusal = check_form(context, RULED_ACCOUNTS, 2 + 32 + 2 + 1);
    if (!refusal) refusal = find_courier(context);
    if (refusal) return refusal;
    u64 share = context->data[34] | (u64)context->data[35] << 8;
    if (!is_by(context, &context->job->arbiter)) return NOT_ARBITER;
    if (context->leg->state != DISPUTED) return LEG_NOT_DISPUTED;
    if (share > BASIS_POINTS) return SHARE_INVALID;
    u64 pay = share_of(context->leg->pay, share);
    if (!context->data[36]) return settle(context, pay, COMPLETED);
    refusal = pay_courier(context, pay);
    if (!refusal) refusal = count_deed(context, PAID_REPUTATION, BREACHED);
    return refusal ? refusal : end_job(context, RULED_SHIPPER, RULED_PAYER);
}

static u64 check_late(Context *context)
{
    const Job *job = context->job;
    context->leg = (Leg *)&job->legs[job->done];
    const Leg *leg = context->leg;
    if (!is_key_at(context->data + 1, &leg->courier)) return WRONG_COURIER;
    if (leg->state == ARRIVED) return LEG_ARRIVED;
    if (leg->state == DISPUTED) return LEG_DISPUTED;
    if (context->now <= leg->due) return EXPIRE_TOO_EARLY;
    // Only who has the load, or should have it, broke its word.
    if (leg->state != ACCEPTED) return AGREED;
    if (context->account_count <= ENDED_REPUTATION) return MALFORMED_COMMAND;
    return count_deed(context, ENDED_REPUTATION, BREACHED);
}

static u64 expire(Context *context)
{
    u64 refusal = check_form(context, ENDED_ACCOUNTS, 1 + 32);
    if (!refusal) refusal = find_job(context);
    if (refusal) return refusal;
    const Job *job = context->job;
    if (job->status == STATUS_DONE) return JOB_DONE;
    if (job->status == STATUS_AWARDED) refusal = check_late(context);
    else if (context->now <= job->award_by && !is_by(context, &job->shipper)) {
        refusal = EXPIRE_TOO_EARLY;
    }
    return refusal ? refusal : end_job(context, ENDED_SHIPPER, ENDED_PAYER);
}

static u64 close(Context *context)
{
    u64 refusal = check_form(context, ENDED_ACCOUNTS, 1);
    if (!refusal) refusal = find_job(context);
    if (refusal) return refusal;
    if (context->job->status != STATUS_DONE) return JOB_NOT_DONE;
    return end_job(context, ENDED_SHIPPER, ENDED_PAYER);
}
