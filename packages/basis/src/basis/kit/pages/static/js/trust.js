// The one place that says which text may become markup or a worker; the policy refuses any other.
// Markup comes from our own server only (connect-src 'self'), which has escaped what people typed.
const WORKER = /^\/[a-z]+\/sw\.js$/;
const plain = (text) => text;

function worker(address) {
  if (!WORKER.test(address)) throw new TypeError(`no worker of ours: ${address}`);
  return address;
}

const rules = { createHTML: plain, createScriptURL: worker };
export const trusted = globalThis.trustedTypes?.createPolicy("house", rules) ?? rules;

globalThis.htmx?.registerExtension("trust", { init: (inside) => inside.initSecurity(trusted) });
