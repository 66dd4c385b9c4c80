console.log("Got HTTP response 200.");
