import type * as control from "../../src/control/index.ts";
import type * as gateway from "../../src/index.ts";

declare global {
  namespace Cloudflare {
    /** What `import { exports } from "cloudflare:workers"` reaches: one Worker or the other, by the project. */
    interface GlobalProps {
      mainModule: typeof gateway & Omit<typeof control, "default">;
    }
  }
}
