// One call of the program: its accounts, its data, and the job that it is about.

#define ACCOUNT_COUNT_MAX 16
#define NEW_ACCOUNT 0xff
#define SPARE_BYTES 10240 // behind the data of every account, for it to grow

typedef struct {
    u64 account_count;
    Account accounts[ACCOUNT_COUNT_MAX];
    const u8 *data;
    u64 length;
    Key *program;
    i64 now;
    Job *job;
    Leg *leg;
    u64 number;
} Context;

// Each command has its signer first and its job second.
enum { SIGNER, JOB };

// Where the account that begins here ends; 0 when it refers to one that has not come yet.
static const u8 *read_account(Context *context, u64 number, const u8 *place)
{
    Account *account = &context->accounts[number];
    if (place[0] != NEW_ACCOUNT) {
        if (place[0] >= number) return 0;
        *account = context->accounts[place[0]];
        return place + 8;
    }
    account->is_signer = place[1];
    account->is_writable = place[2];
    account->is_executable = place[3];
    account->key = (Key *)(place + 8);
    account->owner = (Key *)(place + 40);
    account->lamports = (u64 *)(place + 72);
    account->length = *(u64 *)(place + 80);
    account->data = (u8 *)(place + 88);
    u64 end = (u64)place + 88 + account->length + SPARE_BYTES;
    place = (const u8 *)((end + 7) & ~7ul);
    account->rent_epoch = *(u64 *)place;
    return place + 8;
}

static u64 read_context(Context *context, const u8 *input)
{
    context->account_count = *(u64 *)input;
    if (context->account_count > ACCOUNT_COUNT_MAX) return MALFORMED_COMMAND;
    const u8 *place = input + 8;
    for (u64 i = 0; i < context->account_count; i++) {
        place = read_account(context, i, place);
        if (!place) return MALFORMED_COMMAND;
    }
    context->length = *(u64 *)place;
    context->data = place + 8;
    context->program = (Key *)(context->data + context->length);
    context->now = now();
    return context->length ? AGREED : MALFORMED_COMMAND;
}

INLINE u64 read_u64(const u8 *place)
{
    u64 value;
    sol_memcpy_(&value, place, 8);
    return value;
}

// Whether the key at this place of the data, which may lie at any address, is that one.
INLINE int is_key_at(const u8 *place, const Key *key)
{
    Key found;
    sol_memcpy_(&found, place, 32);
    return is_same(&found, key);
}

static u64 check_form(const Context *context, u64 account_count, u64 length)
{
    if (context->account_count < account_count || context->length != length) {
        return MALFORMED_COMMAND;
    }
    return context->accounts[SIGNER].is_signer ? AGREED : NOT_SIGNED;
}

INLINE int is_by(const Context *context, const Key *key)
{
    return is_same(context->accounts[SIGNER].key, key);
}

static u64 find_job(Context *context)
{
    Account *account = &context->accounts[JOB];
    if (!is_same(account->owner, context->program) || account->length != sizeof(Job)) {
        return NO_SUCH_JOB;
    }
    if (!account->is_writable) return WRONG_ADDRESS;
    context->job = (Job *)account->data;
    return context->job->magic == JOB_MAGIC ? AGREED : NO_SUCH_JOB;
}

// The leg whose number is the first byte after the command's.
static u64 find_leg(Context *context)
{
    u64 refusal = find_job(context);
    if (refusal) return refusal;
    if (context->job->status != STATUS_AWARDED) return JOB_NOT_AWARDED;
    context->number = context->data[1];
    if (context->number >= context->job->leg_count) return NO_SUCH_LEG;
    context->leg = &context->job->legs[context->number];
    return AGREED;
}

static u64 find_current(Context *context)
{
    u64 refusal = find_leg(context);
    if (refusal) return refusal;
    return context->number == context->job->done ? AGREED : LEG_OUT_OF_ORDER;
}

// The current leg, whose courier is named after the number of the leg.
static u64 find_courier(Context *context)
{
    u64 refusal = find_current(context);
    if (refusal) return refusal;
    return is_key_at(context->data + 2, &context->leg->courier) ? AGREED : WRONG_COURIER;
}

// The standing of the courier of this leg, in the account of this number; 0 when it is not there.
static Reputation *find_reputation(const Context *context, u64 number)
{
    const Account *account = &context->accounts[number];
    if (!is_same(account->owner, context->program)) return 0;
    if (account->length != sizeof(Reputation) || !account->is_writable) return 0;
    Reputation *reputation = (Reputation *)account->data;
    if (reputation->magic != REPUTATION_MAGIC) return 0;
    return is_same(&reputation->agent, &context->leg->courier) ? reputation : 0;
}

// Told to whoever follows the chain: the command, the job, a leg or a count, an amount.
static void tell(const Context *context, u8 command, u64 number, u64 amount)
{
    u8 told[33];
    told[0] = command;
    sol_memcpy_(told + 1, context->job->id, 16);
    sol_memcpy_(told + 17, &number, 8);
    sol_memcpy_(told + 25, &amount, 8);
    Seed field = {told, sizeof(told)};
    sol_log_data(&field, 1);
}
