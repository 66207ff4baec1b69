import { Hono } from "hono";
import { demo } from "./demo.js";

export const app = new Hono();
app.get("/", async (c) => c.json(await demo({ pool: false })));
