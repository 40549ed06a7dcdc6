// The escrow of SwarmHaul on the chain: one account a job, which holds its state and its money.

#include "chain.h"
#include "layout.h"
#include "refusals.h"
#include "context.h"
#include "accounts.h"
#include "opening.h"
#include "handover.h"

// The context lies here and not on the stack, of which a function has 512 bytes.
#define HEAP 0x300000000ul

static u64 carry_out(Context *context)
{
    switch (context->data[0]) {
    case OPEN: return open_job(context);
    case AWARD: return award(context);
    case ACCEPT: return accept(context);
    case REPLACE: return replace(context);
    case ARRIVE: return arrive(context);
    case CONFIRM: return confirm(context);
    case RELEASE: return release(context);
    case DISPUTE: return dispute(context);
    case RESOLVE: return resolve(context);
    case EXPIRE: return expire(context);
    case CLOSE: return close(context);
    }
    return MALFORMED_COMMAND;
}

u64 entrypoint(const u8 *input)
{
    Context *context = (Context *)HEAP;
    u64 refusal = read_context(context, input);
    return refusal ? refusal : carry_out(context);
}
