# caught by: init
# says: Unreadable module directory
module "network" {
  source = "./modules/networks"
}
