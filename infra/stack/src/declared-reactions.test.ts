import { reactionsOf, type ServiceName, services, watchesOf } from "@cascade/contracts";
import type { AnyService } from "@cascade/service-kit";
import { expect, test } from "vitest";
import { sourceOf } from "./service-host.ts";

// The broker's rights are made from the list in contracts/src/reactions.ts: what is missing there may not consume.
test.each(services)("the contracts list the reactions of %s as they are", async (name: ServiceName) => {
  const { service }: { service: AnyService } = await import(sourceOf(name, "service").href);
  const actual = Object.fromEntries(service.reactions.map((reaction) => [reaction.name, reaction.on.type]));
  const listed = Object.fromEntries(
    Object.entries(reactionsOf[name]).map(([reaction, on]) => [reaction, on.type]),
  );
  expect(listed).toEqual(actual);
  expect((watchesOf[name] ?? []).map(({ type }) => type)).toEqual(
    (service.watches ?? []).map(({ type }) => type),
  );
});
