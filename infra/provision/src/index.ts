export { adoptOpenStore } from "./adopt-open-store.ts";
export { brokerConfig } from "./broker-config.ts";
export { type Credentials, inFolder, openCredentials } from "./credentials.ts";
export { partiesVariable, readParties } from "./parties.ts";
export { provisionBroker } from "./provision-broker.ts";
