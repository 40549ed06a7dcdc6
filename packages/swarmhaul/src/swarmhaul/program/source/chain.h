// What the runtime of the chain gives to a program: its types, its accounts, its system calls.

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef long i64;

typedef struct { u8 bytes[32]; } Key;

// The order of the fields is the runtime's (SolAccountInfo, SolAccountMeta, SolInstruction,
// SolSignerSeed, SolSignerSeeds), since it reads them when we call another program.
typedef struct {
    Key *key;
    u64 *lamports;
    u64 length;
    u8 *data;
    Key *owner;
    u64 rent_epoch;
    u8 is_signer, is_writable, is_executable;
} Account;

typedef struct { Key *key; u8 is_writable, is_signer; } Meta;
typedef struct { Key *program; Meta *metas; u64 meta_count; u8 *data; u64 length; } Instruction;
typedef struct { const u8 *bytes; u64 length; } Seed;
typedef struct { const Seed *seeds; u64 count; } Seeds;
typedef struct { u64 slot; i64 epoch_start; u64 epoch, leader_epoch; i64 now; } Clock;
typedef struct { u64 lamports_per_byte, threshold_bits; u8 burn_percent, unused[7]; } Rent;

extern u64 sol_get_clock_sysvar(Clock *);
extern u64 sol_get_rent_sysvar(Rent *);
extern u64 sol_create_program_address(const Seed *, u64 count, const Key *program, Key *found);
extern u64 sol_invoke_signed_c(
    const Instruction *, const Account *, u64 account_count, const Seeds *, u64 signer_count);
extern void sol_log_data(const Seed *, u64 count);
extern void sol_memcpy_(void *to, const void *from, u64 length);
extern void sol_memset_(void *, u8, u64 length);

#define INLINE static inline __attribute__((always_inline))

INLINE int is_same(const Key *one, const Key *other)
{
    const u64 *a = (const u64 *)one, *b = (const u64 *)other;
    return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && a[3] == b[3];
}

INLINE i64 now(void)
{
    Clock clock;
    sol_get_clock_sysvar(&clock);
    return clock.now;
}

#define ACCOUNT_BYTES 128
#define TWO_AS_FLOAT 0x4000000000000000ul

// What an account of this length must hold to exist. The threshold is a float, and this machine
// has none: it is either 2.0 or, after a coming change of the chain, 1.0.
INLINE u64 smallest_balance(u64 length)
{
    Rent rent;
    sol_get_rent_sysvar(&rent);
    u64 lamports = (ACCOUNT_BYTES + length) * rent.lamports_per_byte;
    return rent.threshold_bits == TWO_AS_FLOAT ? lamports * 2 : lamports;
}
