export { defaultPortBase, freePorts, type Ports, portsFrom } from "./ports.ts";
export type { HostedService } from "./service-host.ts";
export { readStackFile, StackFile } from "./stack-file.ts";
export { type Stack, type StackOptions, startStack } from "./start-stack.ts";
