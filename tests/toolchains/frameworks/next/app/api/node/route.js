import { demo } from "../../../demo.js";

export const dynamic = "force-dynamic";
export const GET = async () => Response.json(await demo());
