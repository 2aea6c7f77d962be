// An OpenID provider for tests: accounts, clients and address come from the environment, keys are new at each start.
import { generateKeyPairSync, randomUUID } from "node:crypto";

import { Provider } from "oidc-provider";

const accounts = JSON.parse(process.env.ACCOUNTS);
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

const provider = new Provider(process.env.ISSUER, {
  clients: JSON.parse(process.env.CLIENTS),
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: "RS256" }] },
  cookies: { keys: [randomUUID()] },
  claims: { openid: ["sub"], profile: ["name", "level", "address"], email: ["email", "email_verified"] },
  findAccount: (context, id) =>
    accounts[id] && { accountId: id, claims: () => ({ ...accounts[id], sub: id }) },
  renderError: (context, out) => {
    context.type = "json";
    context.body = out;
  },
});

provider.listen(Number(new URL(process.env.ISSUER).port), "127.0.0.1", () => console.log("ready"));
