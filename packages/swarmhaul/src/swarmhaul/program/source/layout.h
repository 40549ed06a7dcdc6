// What the program keeps: a job with its legs, and what a courier did. Little endian, no gaps.

#define LEG_COUNT_MAX 8
#define DAY 86400
#define OPEN_SECONDS_MAX (30 * DAY)
#define ACCEPT_SECONDS_MAX (7 * DAY)
#define LEG_SECONDS_MAX (30 * DAY)
#define SILENCE_SECONDS (2 * DAY)
#define RULING_SECONDS (14 * DAY)
#define BASIS_POINTS 10000

#define JOB_MAGIC 0x31424f4a4c554148ul        // "HAULJOB1"
#define REPUTATION_MAGIC 0x315045524c554148ul // "HAULREP1"

enum { OPEN, AWARD, ACCEPT, REPLACE, ARRIVE, CONFIRM, RELEASE, DISPUTE, RESOLVE, EXPIRE, CLOSE };
enum { STATUS_OPEN = 1, STATUS_AWARDED, STATUS_DONE };
enum { OFFERED, ACCEPTED, ARRIVED, DISPUTED, SETTLED };

typedef struct {
    Key courier;
    u64 pay;
    i64 duration;
    i64 due;   // of the current leg; 0 before it has its turn
    i64 since; // when it arrived, or when the arrival was disputed
    u8 state, unused[7];
} Leg;

typedef struct {
    u64 magic;
    Key shipper, coordinator, arbiter;
    Key payer; // who paid for this account, and gets that back
    u8 id[16];
    u64 budget, paid;
    i64 award_by, accept_by;
    u8 status, leg_count, done, unused[5];
    Leg legs[LEG_COUNT_MAX];
} Job;

typedef struct {
    u64 magic;
    Key agent;
    u32 accepted, completed, breached, unused;
} Reputation;

// What is offered, as it comes in the data of an award. Packed: 48 bytes at any address.
#define OFFER_BYTES 48
