import { fewOnes } from "../activation.js";

export default fewOnes(1, 4);
