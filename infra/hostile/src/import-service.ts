import type { ServiceName } from "@cascade/contracts";
import type { AnyService } from "@cascade/service-kit";

/** Services have no exports, so that none can import another: who attacks them finds them by their place. */
export async function importService(name: ServiceName): Promise<AnyService> {
  const module: { service: AnyService } = await import(
    new URL(`../../../services/${name}/src/service.ts`, import.meta.url).href
  );
  return module.service;
}
