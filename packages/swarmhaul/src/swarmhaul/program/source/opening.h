// From the opening of a job to the last acceptance. swarmhaul/settlement/rules.py says the same.

enum { OPEN_PAYER = 2, OPEN_ACCOUNTS = 4, OPEN_BYTES = 1 + 8 + 8 + 32 + 32 + 16 + 1 };
enum { OPEN_COORDINATOR_AT = 17, OPEN_ARBITER_AT = 49, OPEN_ID_AT = 81, OPEN_BUMP_AT = 97 };
enum { ACCEPT_REPUTATION = 2, ACCEPT_PAYER, ACCEPT_ACCOUNTS = 5 };

INLINE u64 check_deadline(i64 seconds, i64 seconds_max)
{
    return seconds >= 1 && seconds <= seconds_max ? AGREED : DEADLINE_INVALID;
}

// `award_by` may be anything that fits 64 bits, so it is compared before it is subtracted from.
INLINE u64 check_moment(i64 moment, i64 now, i64 seconds_max)
{
    return moment > now && moment <= now + seconds_max ? AGREED : DEADLINE_INVALID;
}

static u64 check_opening(const Context *context)
{
    const u8 *data = context->data;
    if (is_ours(context, &context->accounts[JOB])) return JOB_EXISTS;
    u64 budget = read_u64(data + 1);
    if (budget == 0 || budget >> 63) return BUDGET_INVALID;
    u64 refusal = check_moment((i64)read_u64(data + 9), context->now, OPEN_SECONDS_MAX);
    if (refusal) return refusal;
    Key coordinator;
    sol_memcpy_(&coordinator, data + OPEN_COORDINATOR_AT, 32);
    const u8 *arbiter = data + OPEN_ARBITER_AT;
    if (is_key_at(arbiter, context->accounts[SIGNER].key) || is_key_at(arbiter, &coordinator)) {
        return ARBITER_NOT_INDEPENDENT;
    }
    u64 held = *context->accounts[SIGNER].lamports, kept = smallest_balance(0);
    return held < kept || held - kept < budget ? INSUFFICIENT_FUNDS : AGREED;
}

static u64 lock_budget(Context *context, u64 budget)
{
    Account *accounts = context->accounts;
    Seed seeds[4] = {
        {(const u8 *)"job", 3},
        {accounts[SIGNER].key->bytes, 32},
        {context->data + OPEN_ID_AT, 16},
        {context->data + OPEN_BUMP_AT, 1},
    };
    Making making = {context, &accounts[OPEN_PAYER], &accounts[JOB], seeds, 4, sizeof(Job)};
    u64 refusal = make_account(&making);
    return refusal ? refusal : transfer(&accounts[SIGNER], &accounts[JOB], budget);
}

static u64 open_job(Context *context)
{
    u64 refusal = check_form(context, OPEN_ACCOUNTS, OPEN_BYTES);
    if (!refusal) refusal = check_opening(context);
    u64 budget = read_u64(context->data + 1);
    if (!refusal) refusal = lock_budget(context, budget);
    if (refusal) return refusal;
    Job *job = context->job = (Job *)context->accounts[JOB].data;
    job->magic = JOB_MAGIC;
    job->shipper = *context->accounts[SIGNER].key;
    job->payer = *context->accounts[OPEN_PAYER].key;
    job->budget = budget;
    job->award_by = (i64)read_u64(context->data + 9);
    job->status = STATUS_OPEN;
    sol_memcpy_(&job->coordinator, context->data + OPEN_COORDINATOR_AT, 32);
    sol_memcpy_(&job->arbiter, context->data + OPEN_ARBITER_AT, 32);
    sol_memcpy_(job->id, context->data + OPEN_ID_AT, 16);
    tell(context, OPEN, 0, budget);
    return AGREED;
}

static u64 find_coordinated(Context *context)
{
    u64 refusal = find_job(context);
    if (refusal) return refusal;
    return is_by(context, &context->job->coordinator) ? AGREED : NOT_COORDINATOR;
}

// Nobody works for themselves, or hands over to themselves.
static u64 check_courier(const Job *job, u64 number)
{
    const Key *courier = &job->legs[number].courier;
    int is_party = is_same(courier, &job->shipper) || is_same(courier, &job->coordinator) ||
                   is_same(courier, &job->arbiter);
    if (is_party) return SELF_DEALING;
    if (number && is_same(courier, &job->legs[number - 1].courier)) return SELF_DEALING;
    if (number + 1 < job->leg_count && is_same(courier, &job->legs[number + 1].courier)) {
        return SELF_DEALING;
    }
    return AGREED;
}

// Adds the leg that is offered at this place of the data, and its pay to the sum.
static u64 add_leg(Job *job, u64 number, const u8 *place, u64 *sum)
{
    Leg *leg = &job->legs[number];
    sol_memcpy_(&leg->courier, place, 32);
    leg->pay = read_u64(place + 32);
    leg->duration = (i64)read_u64(place + 40);
    *sum += leg->pay;
    if (leg->pay == 0 || *sum < leg->pay) return PAY_INVALID;
    u64 refusal = check_deadline(leg->duration, LEG_SECONDS_MAX);
    return refusal ? refusal : check_courier(job, number);
}

static u64 check_award(Context *context)
{
    u64 refusal = find_coordinated(context);
    if (refusal) return refusal;
    const Job *job = context->job;
    if (job->status != STATUS_OPEN) return JOB_NOT_OPEN;
    if (context->now > job->award_by) return AWARD_TOO_LATE;
    u64 count = context->data[9];
    if (count == 0 || count > LEG_COUNT_MAX) return LEG_COUNT_INVALID;
    return check_moment((i64)read_u64(context->data + 1), context->now, ACCEPT_SECONDS_MAX);
}

static u64 award(Context *context)
{
    if (context->length < 10) return MALFORMED_COMMAND;
    u64 count = context->data[9], sum = 0;
    u64 refusal = check_form(context, 2, 10 + OFFER_BYTES * count);
    if (!refusal) refusal = check_award(context);
    if (refusal) return refusal;
    Job *job = context->job;
    for (u64 i = 0; i < count; i++) {
        refusal = add_leg(job, i, context->data + 10 + OFFER_BYTES * i, &sum);
        if (refusal) return refusal;
    }
    if (sum > job->budget) return BUDGET_EXCEEDED;
    job->accept_by = (i64)read_u64(context->data + 1);
    job->leg_count = (u8)count;
    job->status = STATUS_AWARDED;
    job->legs[0].due = job->accept_by + job->legs[0].duration;
    tell(context, AWARD, count, sum);
    return AGREED;
}

// The first leg that a courier ever accepts opens its standing, and the payer pays for that.
static u64 open_reputation(Context *context)
{
    Account *accounts = context->accounts;
    const Key *courier = accounts[SIGNER].key;
    Seed seeds[3] = {{(const u8 *)"rep", 3}, {courier->bytes, 32}, {context->data + 2, 1}};
    Making making = {context, &accounts[ACCEPT_PAYER], &accounts[ACCEPT_REPUTATION], seeds, 3,
                     sizeof(Reputation)};
    u64 refusal = make_account(&making);
    if (refusal) return refusal;
    Reputation *reputation = (Reputation *)accounts[ACCEPT_REPUTATION].data;
    reputation->magic = REPUTATION_MAGIC;
    reputation->agent = *courier;
    reputation->accepted = 1;
    return AGREED;
}

static u64 count_acceptance(Context *context)
{
    if (!is_ours(context, &context->accounts[ACCEPT_REPUTATION])) return open_reputation(context);
    Reputation *reputation = find_reputation(context, ACCEPT_REPUTATION);
    if (!reputation) return WRONG_ADDRESS;
    reputation->accepted++;
    return AGREED;
}

static u64 accept(Context *context)
{
    u64 refusal = check_form(context, ACCEPT_ACCOUNTS, 3);
    if (!refusal) refusal = find_leg(context);
    if (refusal) return refusal;
    Leg *leg = context->leg;
    int is_current = context->number == context->job->done;
    if (!is_by(context, &leg->courier)) return NOT_COURIER;
    if (leg->state != OFFERED) return LEG_NOT_OFFERED;
    if (is_current && context->now > leg->due) return LEG_TOO_LATE;
    // A smaller wallet could not be paid: no account may hold less than this.
    if (*context->accounts[SIGNER].lamports < smallest_balance(0)) return INSUFFICIENT_FUNDS;
    refusal = count_acceptance(context);
    if (refusal) return refusal;
    leg->state = ACCEPTED;
    if (is_current) leg->due = context->now + leg->duration;
    tell(context, ACCEPT, context->number, leg->pay);
    return AGREED;
}

static u64 check_replacing(Context *context)
{
    u64 refusal = find_coordinated(context);
    if (!refusal) refusal = find_leg(context);
    if (refusal) return refusal;
    const Job *job = context->job;
    if (context->leg->state != OFFERED) return LEG_NOT_OFFERED;
    if (context->now <= job->accept_by) return REPLACE_TOO_EARLY;
    // The due of the leg stays: no row of replacements keeps the shipper from its money.
    int is_late = context->number == job->done && context->now > context->leg->due;
    return is_late ? LEG_TOO_LATE : AGREED;
}

static u64 replace(Context *context)
{
    u64 refusal = check_form(context, 2, 1 + 1 + 32 + 8);
    if (!refusal) refusal = check_replacing(context);
    if (refusal) return refusal;
    Job *job = context->job;
    sol_memcpy_(&context->leg->courier, context->data + 2, 32);
    context->leg->pay = read_u64(context->data + 34);
    if (context->leg->pay == 0) return PAY_INVALID;
    u64 sum = 0;
    for (u64 i = 0; i < job->leg_count; i++) {
        sum += job->legs[i].pay;
        if (sum < job->legs[i].pay) return PAY_INVALID;
    }
    refusal = check_courier(job, context->number);
    if (refusal) return refusal;
    if (sum > job->budget) return BUDGET_EXCEEDED;
    tell(context, REPLACE, context->number, context->leg->pay);
    return AGREED;
}
