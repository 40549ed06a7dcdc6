// Accounts of the program's own: made even where somebody sent money to their address before.

enum { SYSTEM_ASSIGN = 1, SYSTEM_TRANSFER = 2, SYSTEM_ALLOCATE = 8 };

typedef struct {
    Context *context;
    Account *payer, *account;
    const Seed *seeds;
    u64 seed_count;
    u64 length;
} Making;

// Calls the system program, whose key is all zeros, about one account or two. The runtime tells in
// the copies how long the accounts are afterwards, and compares that with what it is told next.
static u64 call_system(Account *first, Account *second, u8 *data, u64 length, const Seeds *signer)
{
    Key system;
    sol_memset_(&system, 0, sizeof(system));
    Meta metas[2] = {{first->key, 1, 1}, {second ? second->key : 0, 1, 0}};
    Account accounts[2];
    accounts[0] = *first;
    if (second) accounts[1] = *second;
    u64 count = second ? 2 : 1;
    Instruction instruction = {&system, metas, count, data, length};
    u64 refusal = sol_invoke_signed_c(&instruction, accounts, count, signer, signer ? 1 : 0);
    first->length = accounts[0].length;
    return refusal;
}

static u64 transfer(Account *from, Account *to, u64 lamports)
{
    u8 data[12] = {SYSTEM_TRANSFER};
    sol_memcpy_(data + 4, &lamports, 8);
    return call_system(from, to, data, sizeof(data), 0);
}

static u64 take_over(const Making *making)
{
    Seeds signer = {making->seeds, making->seed_count};
    u8 allocate[12] = {SYSTEM_ALLOCATE}, assign[36] = {SYSTEM_ASSIGN};
    sol_memcpy_(allocate + 4, &making->length, 8);
    sol_memcpy_(assign + 4, making->context->program, 32);
    u64 refusal = call_system(making->account, 0, allocate, sizeof(allocate), &signer);
    return refusal ? refusal : call_system(making->account, 0, assign, sizeof(assign), &signer);
}

static u64 make_account(const Making *making)
{
    Key found;
    u64 is_off_curve = !sol_create_program_address(
        making->seeds, making->seed_count, making->context->program, &found);
    if (!is_off_curve || !is_same(&found, making->account->key)) return WRONG_ADDRESS;
    u64 needed = smallest_balance(making->length), held = *making->account->lamports;
    if (held < needed) {
        u64 refusal = transfer(making->payer, making->account, needed - held);
        if (refusal) return refusal;
    }
    return take_over(making);
}

INLINE int is_ours(const Context *context, const Account *account)
{
    return is_same(account->owner, context->program);
}
