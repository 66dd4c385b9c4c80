/** Works out prices; it runs in workers, and logs with the id and the user of the request. */
import { getLogger, withContext } from "../../mod.ts";

/** What somebody wants to buy. */
export interface Order {
  readonly requestId: string;
  readonly user: string;
  readonly items: readonly { readonly name: string; readonly price: number }[];
}

/** What it costs. */
export interface Priced {
  readonly total: number;
}

const log = getLogger("shop.price");

/** Adds up the prices. */
export function priceOf({ requestId, user, items }: Order): Priced {
  return withContext({ requestId, user }, () => {
    for (const item of items) log.debug("item", { item });
    const total = items.reduce((sum, { price }) => sum + price, 0);
    if (total === 0) log.warning("an order for nothing", { items: items.length });
    return { total };
  });
}
