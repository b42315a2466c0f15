import type * as worker from "../../src/index.ts";

declare global {
  namespace Cloudflare {
    /** What `import { exports } from "cloudflare:workers"` reaches: the Worker of wrangler.toml. */
    interface GlobalProps {
      mainModule: typeof worker;
    }
  }
}
